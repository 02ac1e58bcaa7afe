package org.centerloss.loss;

import java.util.List;
import org.centerloss.device.Device;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;

/**
 * What is minimised: a weighted sum of loss terms over a batch of features, and how a sample is
 * classified once that is done. One class each, one line each in {@link Objectives}.
 */
public interface Objective {
    /**
     * One summand.
     *
     * @param name its column in the metrics
     * @param weight its factor; negative for what is to grow
     */
    record Term(String name, double weight) {}

    /** How a sample's class is predicted. */
    enum Classification {
        /** The largest logit of {@code fc2}. */
        LARGEST_LOGIT,
        /** The nearest of the {@code centers}. */
        NEAREST_CENTER
    }

    /** The summands, in the order of {@link LossStep#terms}. */
    List<Term> terms();

    Classification classification();

    /** Whether the optimiser moves {@code fc2}. */
    default boolean trainsLogits() {
        return false;
    }

    /** Whether the terms have a gradient for {@code centers}. */
    default boolean usesCenters() {
        return true;
    }

    /** Whether the centers may follow Wen's rule instead of their gradient. */
    default boolean allowsWenUpdate() {
        return usesCenters();
    }

    /** Parameters beyond the network's and {@code centers}. */
    default List<Parameter> extraParameters(int features, int classes) {
        return List.of();
    }

    /** What to change where the loss grows beyond all bounds: it goes on the words "try …". */
    default String remedy() {
        return "a lower --lr";
    }

    /** Plans the terms for a batch of {@code samples}. */
    LossStep plan(Device device, Parameters parameters, int samples, int features, int classes);
}
