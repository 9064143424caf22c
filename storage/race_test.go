//go:build race

package storage

// many is how many projects an import of a large file holds: under the race
// detector the SQLite engine, which is Go, is twenty times slower.
const many = 500

// simulatedProjects is how many projects are filed in the simulated year; see
// there.
const simulatedProjects = 100

// machineSteps is how many steps the machine of projects takes at most.
const machineSteps = 600
