/**
 * Comparison of a device with the float64 reference, and of the reference with finite differences.
 */
package org.centerloss.verify;
