/**
 * Operations on distances between samples and centers, and the variants that they are compared
 * with.
 */
package org.centerloss.cpu.distance;
