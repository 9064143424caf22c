//go:build !race

package storage

// many is how many projects an import of a large file holds.
const many = 5000
