package org.centerloss.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.GradientClipping;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.optim.Optimizers.Settings.Group;

/**
 * Moves the trained parameters of a model by their gradients: one operation for each group of
 * parameters, after the norm of all gradients was limited where that is asked for. It owns what is
 * kept between two steps, in blocks laid out as the weights are.
 */
public final class Optimizer implements AutoCloseable {
    private final Resources owned = new Resources();
    private final Parameters parameters;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final List<Group> groups = new ArrayList<>();
    private final List<UpdateRule> rules = new ArrayList<>();
    private final List<Runnable> updates = new ArrayList<>();
    private final Tensor coefficients;

    /** Where the coefficients of a group begin, as a multiple of its place. */
    private final int stride;

    /**
     * Plans a step.
     *
     * @param parameters laid out by {@link Optimizers.Settings#group}
     */
    public Optimizer(Device device, Parameters parameters, Optimizers.Settings settings) {
        this.parameters = parameters;
        for (Parameters.Block block : parameters.blocks()) {
            Group group = groupOf(block, settings);
            groups.add(group);
            rules.add(settings.rule(group));
        }
        if (settings.clipNorm() > 0) {
            int size = Math.toIntExact(parameters.gradients().size());
            GradientClipping clipping =
                    owned.add(device.gradientClipping(size, settings.clipNorm()));
            Tensor norm = owned.add(device.tensor(1));
            updates.add(() -> clipping.clip(parameters.gradients(), norm));
        }
        List<String> names = Optimizers.of(settings.name()).state();
        for (String name : names) {
            state.put(name, owned.add(device.tensor(parameters.weights().shape())));
        }
        int count = rules.get(0).coefficients(1, 1).length;
        stride = (count + Device.ALIGNMENT - 1) / Device.ALIGNMENT * Device.ALIGNMENT;
        coefficients = owned.add(device.tensor(stride * (groups.size() - 1) + count));
        for (int g = 0; g < groups.size(); g++) {
            Parameters.Block block = parameters.blocks().get(g);
            UpdateRule.Block slices =
                    new UpdateRule.Block(
                            block.of(parameters.weights()),
                            block.of(parameters.gradients()),
                            state.values().stream().map(block::of).toList(),
                            coefficients.slice((long) stride * g, count));
            updates.add(rules.get(g).plan(owned, device, slices));
        }
    }

    private static Group groupOf(Parameters.Block block, Optimizers.Settings settings) {
        List<Group> groups = block.parameters().stream().map(settings::group).distinct().toList();
        if (groups.size() != 1) {
            throw new IllegalArgumentException("parameters of different groups in one block");
        }
        return groups.get(0);
    }

    /** Moves the weights; it can be recorded. */
    public void step() {
        updates.forEach(Runnable::run);
    }

    /** What is kept between two steps, by name, each laid out as {@link Parameters#weights}. */
    public Map<String, Tensor> state() {
        return state;
    }

    /** What is kept of a trained parameter under one of the names of {@link #state}. */
    public Tensor state(String name, Parameter parameter) {
        return parameters.part(state.get(name), parameter);
    }

    /** What {@link #step} reads: a row of {@link #coefficients(double[], long)}. */
    public Tensor coefficients() {
        return coefficients;
    }

    /**
     * The coefficients of consecutive steps, a row for each.
     *
     * @param rates the learning rate of each step
     * @param firstStep the number of the first of them, counted from 1
     */
    public double[] coefficients(double[] rates, long firstStep) {
        int width = Math.toIntExact(coefficients.size());
        double[] rows = new double[Math.multiplyExact(width, rates.length)];
        for (int i = 0; i < rates.length; i++) {
            for (int g = 0; g < groups.size(); g++) {
                Double own = groups.get(g).learningRate();
                double rate = own == null ? rates[i] : own;
                double[] row = rules.get(g).coefficients(rate, firstStep + i);
                System.arraycopy(row, 0, rows, i * width + g * stride, row.length);
            }
        }
        return rows;
    }

    /**
     * Sets the coefficients of the steps that follow; synchronises.
     *
     * @param step the number of the step, counted from 1
     */
    public void set(double learningRate, long step) {
        coefficients.write(coefficients(new double[] {learningRate}, step));
    }

    @Override
    public void close() {
        owned.close();
    }
}
