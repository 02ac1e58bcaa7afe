/** Colours, fonts, axes and sheets that every picture is drawn with. */
package org.centerloss.report.theme;
