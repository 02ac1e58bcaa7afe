/** Published data sets and the formats of their files. */
package org.centerloss.data.known;
