package org.centerloss.device.op;

import org.centerloss.device.Tensor;

/**
 * Limits the 2-norm of one flat block of gradients, as PyTorch's {@code clip_grad_norm_}: norm = √Σ
 * g²; g ← min(1, maxNorm / (norm + 10⁻⁶)) · g. Where the norm is not a number, every gradient
 * becomes not a number; where it is infinite, infinite gradients do, and finite ones become zero.
 *
 * <p>Shapes: gradients [n], changed in place; zero where they belong to no parameter. norm [1],
 * overwritten with the norm before the change. The squares are summed in float64, where they
 * neither overflow nor vanish.
 *
 * <p>Source: Pascanu et al. 2013, "On the difficulty of training recurrent neural networks".
 */
public interface GradientClipping extends Op {
    void clip(Tensor gradients, Tensor norm);
}
