/** Memory, threads, layouts and recorded programs of the CPU device. */
package org.centerloss.cpu.runtime;
