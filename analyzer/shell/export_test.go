package shell

// Check is check for the external tests.
var Check = check
