/**
 * Protocol Buffers' wire format, which TensorBoard's event files and ONNX models are written in.
 */
package org.centerloss.format.protobuf;
