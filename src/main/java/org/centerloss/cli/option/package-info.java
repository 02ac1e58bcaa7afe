/** Options that commands share, and how their values are kept and checked. */
package org.centerloss.cli.option;
