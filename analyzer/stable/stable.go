// Package stable sorts without a copy of the algorithm for each type of element, as package slices has it: some 6 kB each time, which
// everybody who downloads the program or opens the playground pays for.
package stable

import "sort"

// Sort sorts by a comparison as slices.SortStableFunc does: equal elements stay in their order.
func Sort[T any](list []T, compare func(a, b T) int) {
	sort.SliceStable(list, func(i, j int) bool { return compare(list[i], list[j]) < 0 })
}
