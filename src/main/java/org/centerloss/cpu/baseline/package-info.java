/** What the CPU gives to other ways of computing: their matrix operations, and naive loops. */
package org.centerloss.cpu.baseline;
