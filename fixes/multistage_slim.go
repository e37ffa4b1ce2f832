package fixes

// narrowBase chooses a smaller image for what runs, where it is known that the packages need nothing of the full one.
func (c *conversion) narrowBase() string { return "" }
