package org.centerloss.device.op;

import org.centerloss.device.Tensor;

/**
 * Stochastic gradient descent with momentum over one flat block of parameters, in PyTorch's form
 * (dampening 0): g ← gradient + weightDecay·w; v ← momentum·v + g; w ← w − learningRate·v, or with
 * Nesterov's momentum w ← w − learningRate·(g + momentum·v).
 *
 * <p>Shapes: weights, gradients, velocity [n]; learningRate [1], read when the operation runs, so
 * that a recorded program follows the schedule. Velocity is zero before the first step. Weights and
 * velocity are overwritten; they do not overlap.
 *
 * <p>Sources: PyTorch's {@code torch.optim.SGD}; Sutskever et al. 2013, "On the importance of
 * initialization and momentum in deep learning".
 */
public interface Sgd extends Op {
    void step(Tensor weights, Tensor gradients, Tensor velocity, Tensor learningRate);
}
