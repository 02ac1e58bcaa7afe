/** The operations that every device offers, as interfaces: formula, shapes, errors. */
package org.centerloss.device.op;
