/** The network, its parameters, and safetensors files. */
package org.centerloss.model;
