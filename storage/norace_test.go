//go:build !race

package storage

// many is how many projects an import of a large file holds.
const many = 5000

// simulatedProjects is how many projects are filed in the simulated year.
const simulatedProjects = 3000

// machineSteps is how many steps the machine of projects takes at most.
const machineSteps = 1_000_000
