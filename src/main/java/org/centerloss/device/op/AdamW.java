package org.centerloss.device.op;

import org.centerloss.base.Bounds;
import org.centerloss.device.Tensor;

/**
 * Adam with decoupled weight decay over one flat block of parameters, in PyTorch's form (amsgrad
 * off): w ← (1 − learningRate·weightDecay)·w; m ← beta1·m + (1 − beta1)·g; v ← beta2·v + (1 −
 * beta2)·g²; w ← w − learningRate / (1 − beta1^t) · m / (√v / √(1 − beta2^t) + epsilon) in step t =
 * 1, 2, ….
 *
 * <p>Shapes: weights w, gradients g, expAvg m, expAvgSq v [n]; coefficients [{@link
 * #COEFFICIENTS}], {@link Hyperparameters#coefficients} of the step, read when the operation runs,
 * so that a recorded program follows the schedule. m and v are zero before the first step. Weights,
 * m and v are overwritten; they do not overlap.
 *
 * <p>Sources: PyTorch's {@code torch.optim.AdamW}; Loshchilov and Hutter 2019, "Decoupled weight
 * decay regularization".
 */
public interface AdamW extends Op {
    /** How many numbers change from step to step. */
    int COEFFICIENTS = 3;

    /**
     * What stays the same in all steps.
     *
     * @param beta1 how much of the mean of the gradients a step keeps, in [0, 1)
     * @param beta2 how much of the mean of their squares a step keeps, in [0, 1)
     * @param epsilon added to the root of that mean, at least 0
     * @param weightDecay share of the weights that goes for each unit of learning rate, at least 0
     */
    record Hyperparameters(double beta1, double beta2, double epsilon, double weightDecay) {
        public Hyperparameters {
            Bounds.require(beta1 >= 0 && beta1 < 1, "beta1", "at least 0 and below 1", beta1);
            Bounds.require(beta2 >= 0 && beta2 < 1, "beta2", "at least 0 and below 1", beta2);
            Bounds.require(epsilon >= 0, "epsilon", "at least 0", epsilon);
            Bounds.require(weightDecay >= 0, "weight decay", "at least 0", weightDecay);
        }

        /**
         * What a step computes with: 1 − learningRate·weightDecay, learningRate / (1 − beta1^step),
         * 1 / √(1 − beta2^step).
         *
         * @param step counted from 1
         */
        public double[] coefficients(double learningRate, long step) {
            return new double[] {
                1 - learningRate * weightDecay,
                learningRate / (1 - Math.pow(beta1, step)),
                1 / Math.sqrt(1 - Math.pow(beta2, step))
            };
        }
    }

    void step(
            Tensor weights, Tensor gradients, Tensor expAvg, Tensor expAvgSq, Tensor coefficients);
}
