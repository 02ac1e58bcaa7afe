/**
 * The truth: every operation in float64, as plain loops that follow the formulas of the interfaces.
 *
 * <p>Shares no code with the other devices, so that a mistake cannot hide in both. Loops may run in
 * parallel over independent results; every sum has a fixed order.
 */
package org.centerloss.reference;
