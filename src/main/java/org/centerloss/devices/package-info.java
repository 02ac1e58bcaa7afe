/** Opens devices by name: the only code that knows an implementation. */
package org.centerloss.devices;
