package cli

import "os"

// endings are the signals that end the program: a page sends none.
var endings = []os.Signal{os.Interrupt}
