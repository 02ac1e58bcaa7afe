/** The network and its parameters. */
package org.centerloss.nn;
