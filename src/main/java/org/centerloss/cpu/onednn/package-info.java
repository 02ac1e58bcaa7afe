/** Operations by oneDNN's primitives. */
package org.centerloss.cpu.onednn;
