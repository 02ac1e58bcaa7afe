/** The HTML report of a run and the comparison of several. */
package org.centerloss.report.page;
