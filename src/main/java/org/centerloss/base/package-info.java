/**
 * What every other part of the program may use: errors that a user reads, names and text as they
 * are shown, resources that close together, files that are replaced as a whole, addressed random
 * numbers.
 */
package org.centerloss.base;
