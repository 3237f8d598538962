"""The river-chief system: rules, tables, services and doors."""
