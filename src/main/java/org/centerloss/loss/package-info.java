/** Objectives: which losses are trained with which weights. */
package org.centerloss.loss;
