// Package comparison tells which stated quantities may be set side by side:
// what time a figure covers, what its unit counts, and whether two figures of
// one indicator mean the same. What it knows of words stands in data files. It
// reads no text beyond a figure's period and unit, chooses no report and asks no
// store.
package comparison
