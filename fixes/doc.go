// Package fixes builds edits from facts and applies them until nothing is left to fix.
//
// Rules never do surgery on text. They ask a builder of this package (InsertBefore, DeleteItem,
// AppendItem, ...) for edits; the builders know continuations, escape characters, line endings,
// comments and heredocs. What rewrites whole stages are packages of their own, extract and multistage. Loop then applies the fixes of all rules, round by round, to a fixpoint.
package fixes
