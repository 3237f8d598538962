// The version that this phone says it is, in what it hands in.
export const VERSION = "1.0.0";
