/**
 * A run for <a href="https://www.tensorflow.org/tensorboard">TensorBoard</a>: event files, and the
 * files of its embedding projector.
 */
package org.centerloss.report.tensorboard;
