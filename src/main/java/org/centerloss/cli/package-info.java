/** The command line, one command per file. */
package org.centerloss.cli;
