/** The CPU device: oneDNN for the network's layers, parallel Java for the rest. */
package org.centerloss.cpu;
