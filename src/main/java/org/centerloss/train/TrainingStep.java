package org.centerloss.train;

import java.util.List;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.device.op.LossMeter;
import org.centerloss.loss.LossStep;
import org.centerloss.loss.Objective;
import org.centerloss.nn.Network;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizer;

/**
 * One optimisation step, planned for one batch size: forward, loss, backward, update. Everything it
 * runs stays on the device, so it can be recorded.
 */
public final class TrainingStep implements AutoCloseable {
    private final Resources owned = new Resources();
    private final Parameters parameters;
    private final Network network;
    private final List<Objective.Term> weights;
    private final LossStep loss;
    private final IntTensor labels;
    private final Optimizer optimizer;
    private final CenterUpdate centerUpdate;
    private final LossMeter meter;

    /**
     * Plans a step.
     *
     * @param optimizer moves the parameters; the caller closes it
     * @param wenAlpha rate of Wen's center update; 0 where the optimiser moves the centers
     */
    public TrainingStep(
            Device device,
            NetworkShape shape,
            Objective objective,
            Parameters parameters,
            int batch,
            Optimizer optimizer,
            double wenAlpha) {
        this.parameters = parameters;
        this.optimizer = optimizer;
        weights = objective.terms();
        network = owned.add(new Network(device, shape, batch, parameters, true));
        loss =
                owned.add(
                        objective.plan(
                                device, parameters, batch, shape.features(), shape.classes()));
        labels = owned.add(device.intTensor(batch));
        centerUpdate =
                wenAlpha == 0
                        ? null
                        : owned.add(
                                device.centerUpdate(
                                        batch, shape.features(), shape.classes(), wenAlpha));
        meter = owned.add(device.lossMeter(loss.terms().length));
    }

    /** The batch's images, [batch, channels, height, width]. */
    public Tensor images() {
        return network.images();
    }

    /** The batch's labels, [batch]. */
    public IntTensor labels() {
        return labels;
    }

    /** The features of the last {@link #computeGradients}, [batch, features]. */
    public Tensor features() {
        return network.features();
    }

    /** The value of each loss term in the last {@link #computeGradients}. */
    public Tensor[] terms() {
        return loss.terms();
    }

    /** The weighted sum of the terms in the last {@link #computeGradients}; synchronises. */
    public double loss() {
        double sum = 0;
        for (int i = 0; i < terms().length; i++) {
            sum += weights.get(i).weight() * terms()[i].toDoubles()[0];
        }
        return sum;
    }

    /** The sums of the terms over the steps. */
    public LossMeter meter() {
        return meter;
    }

    /** Gradients and update, with the coefficients that the optimiser has been given. */
    public void run() {
        computeGradients();
        update();
    }

    /** Forward, loss and backward: fills the parameters' gradients. */
    public void computeGradients() {
        forward();
        computeLoss();
        backward();
    }

    /** The features of the images. */
    public void forward() {
        network.forward();
    }

    /** The loss terms, the gradient of the features and those of the objective's parameters. */
    public void computeLoss() {
        parameters.gradients().zero();
        loss.run(network.features(), labels, network.featureGradient());
    }

    /** The gradients of the network's parameters. */
    void backward() {
        network.backward();
    }

    /** Moves the parameters by their gradients and counts the step. */
    public void update() {
        optimizer.step();
        if (centerUpdate != null) {
            centerUpdate.update(network.features(), labels, parameters.value(Parameters.CENTERS));
        }
        meter.add(loss.terms());
    }

    @Override
    public void close() {
        owned.close();
    }
}
