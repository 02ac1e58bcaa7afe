package org.centerloss.optim;

import java.util.List;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;

/** How one block of weights is moved by its gradients: an entry of {@link Optimizers}. */
public interface UpdateRule {
    /**
     * A block of weights and what goes with it.
     *
     * @param weights [n]
     * @param gradients [n]
     * @param state [n] each, one for each name of {@link #state}
     * @param coefficients {@link #coefficients} of the step that is made
     */
    record Block(Tensor weights, Tensor gradients, List<Tensor> state, Tensor coefficients) {
        int size() {
            return Math.toIntExact(weights.size());
        }
    }

    /**
     * The names of what is kept between two steps for every weight. It is zero before the first
     * step; a checkpoint holds it as NAME.PARAMETER.
     */
    List<String> state();

    /**
     * The numbers that change from step to step, as many in each.
     *
     * @param step counted from 1
     */
    double[] coefficients(double learningRate, long step);

    /**
     * Plans a step.
     *
     * @param owned takes the operations
     * @return the step, which can be recorded
     */
    Runnable plan(Resources owned, Device device, Block block);
}
