/** Tables that commands print. */
package org.centerloss.cli.table;
