/** The commands, one per file. */
package org.centerloss.cli.command;
