/** The command line: its start, its streams, its terminal. */
package org.centerloss.cli;
