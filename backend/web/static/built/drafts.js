import{a}from"./chunk-ZSCJLMHU.js";export{a as keepDrafts};
