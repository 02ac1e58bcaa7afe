/** Throughput of whole training steps and epochs. */
package org.centerloss.bench.step;
