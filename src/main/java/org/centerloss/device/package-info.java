/**
 * The seam of the program: devices and tensors; the operations that every device offers are in
 * {@link org.centerloss.device.op}.
 */
package org.centerloss.device;
