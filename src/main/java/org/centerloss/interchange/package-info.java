/** What other programs read: embeddings as tables and arrays, models as ONNX and safetensors. */
package org.centerloss.interchange;
