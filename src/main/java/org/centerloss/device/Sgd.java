package org.centerloss.device;

/**
 * Stochastic gradient descent with momentum over one flat block of parameters, in PyTorch's form: g
 * ← gradient + weightDecay·w; v ← momentum·v + g; w ← w − learningRate·v.
 *
 * <p>Shapes: weights, gradients, velocity [n]; learningRate [1], read when the operation runs, so
 * that a recorded program follows the schedule.
 */
public interface Sgd extends Op {
    void step(Tensor weights, Tensor gradients, Tensor velocity, Tensor learningRate);
}
