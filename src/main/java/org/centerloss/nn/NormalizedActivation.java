package org.centerloss.nn;

import java.util.List;
import org.centerloss.base.Owned;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.BatchNormalization;

/** Batch normalisation and ReLU of one activation, with its parameters and result. */
final class NormalizedActivation implements AutoCloseable {
    private final Owned owned = new Owned();
    private final boolean training;
    private final Tensor x;
    private final Tensor gamma;
    private final Tensor beta;
    private final Tensor runningMean;
    private final Tensor runningVar;
    private final Tensor gammaGradient;
    private final Tensor betaGradient;
    private final BatchNormalization normalization;

    /** The result. */
    final Tensor y;

    /** Where the gradient of the result is put before {@link #backward}; null in inference. */
    final Tensor dy;

    static void declare(List<Parameter> all, String name, int channels) {
        all.add(Parameter.constant(name + ".weight", true, 1, channels));
        all.add(Parameter.zeros(name + ".bias", channels));
        all.add(Parameter.constant(name + ".running_mean", false, 0, channels));
        all.add(Parameter.constant(name + ".running_var", false, 1, channels));
    }

    /**
     * @param overwrite whether the result may take the place of x, which keeps inference in the
     *     processor's cache; not in training, whose way back needs both
     */
    NormalizedActivation(
            Device device,
            Parameters parameters,
            String name,
            Tensor x,
            boolean overwrite,
            boolean training) {
        this.x = x;
        this.training = training;
        int[] s = x.shape();
        normalization =
                owned.add(
                        device.batchNormalization(
                                new BatchNormalization.Shape(
                                        s[0], s[1], s[2], s[3], BatchNormalization.Epilogue.RELU)));
        gamma = parameters.value(name + ".weight");
        beta = parameters.value(name + ".bias");
        runningMean = parameters.value(name + ".running_mean");
        runningVar = parameters.value(name + ".running_var");
        gammaGradient = training ? parameters.gradient(name + ".weight") : null;
        betaGradient = training ? parameters.gradient(name + ".bias") : null;
        y = overwrite ? x : owned.add(ResidualBlock.like(device, x));
        dy = training ? owned.add(ResidualBlock.like(device, x)) : null;
    }

    void forward() {
        if (training) {
            normalization.forwardTraining(x, gamma, beta, runningMean, runningVar, null, y);
        } else {
            normalization.forwardInference(x, gamma, beta, runningMean, runningVar, null, y);
        }
    }

    /** Overwrites dx with the gradient of x, given the gradient in {@link #dy}. */
    void backward(Tensor dx) {
        normalization.backward(x, y, dy, gamma, dx, gammaGradient, betaGradient);
    }

    @Override
    public void close() {
        owned.close();
    }
}
