/** Throughput measurements. */
package org.centerloss.bench;
