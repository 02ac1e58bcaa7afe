/**
 * How good an embedding is where no classifier stands between: retrieval, clustering and
 * verification by Euclidean distance. Pure functions of features and labels, in float64, with
 * distances by direct differences; exact unless a class says that it samples, and the same bits in
 * every run, whatever the number of threads.
 */
package org.centerloss.evaluate.metric;
