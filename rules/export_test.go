package rules

// RunRules is Run over a given list of rules, which need not be registered.
var RunRules = run
