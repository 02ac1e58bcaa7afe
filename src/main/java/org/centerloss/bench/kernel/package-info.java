/** Throughput of single operations in several ways of computing them. */
package org.centerloss.bench.kernel;
