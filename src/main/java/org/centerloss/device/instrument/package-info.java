/** What measures a device: clocks, emptied caches, the most that it can do. */
package org.centerloss.device.instrument;
