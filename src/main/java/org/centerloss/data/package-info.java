/**
 * Data sets: {@link org.centerloss.data.Datasets#load} is the way in; what it gives is whole,
 * checked and in memory, in an order of training that follows from the seed.
 */
package org.centerloss.data;
