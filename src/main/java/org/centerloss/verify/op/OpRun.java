package org.centerloss.verify.op;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.centerloss.base.Resources;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.verify.Tolerance;

/**
 * One run of a case on a device: makes its tensors, collects its results, and closes everything.
 *
 * <p>Results start as NaN (integers as −1), so that one an operation forgets to write shows.
 */
public final class OpRun implements AutoCloseable {
    /** A result and how exact it has to be. */
    public record Result(double[] values, Tolerance tolerance) {}

    private final Device device;
    private final Resources owned = new Resources();
    private final Map<String, Result> results = new LinkedHashMap<>();

    public OpRun(Device device) {
        this.device = device;
    }

    public Device device() {
        return device;
    }

    public Map<String, Result> results() {
        return results;
    }

    /** Closes {@code resource} at the end of the run. */
    public <T extends AutoCloseable> T own(T resource) {
        return owned.add(resource);
    }

    /** A plain tensor of these values. */
    public Tensor plain(double[] values, int... shape) {
        Tensor tensor = own(device.tensor(shape));
        tensor.write(values);
        return tensor;
    }

    /** An activation of these values. */
    Tensor activation(double[] values, int batch, int channels, int height, int width) {
        Tensor tensor = own(device.activation(batch, channels, height, width));
        tensor.write(values);
        return tensor;
    }

    public IntTensor integers(int[] values) {
        IntTensor tensor = own(device.intTensor(values.length));
        tensor.write(values);
        return tensor;
    }

    /** A plain tensor of NaN for a result. */
    public Tensor emptyPlain(int... shape) {
        return empty(device.tensor(shape));
    }

    /** An activation of NaN for a result. */
    public Tensor emptyActivation(int batch, int channels, int height, int width) {
        return empty(device.activation(batch, channels, height, width));
    }

    private Tensor empty(Tensor tensor) {
        own(tensor);
        double[] nothing = new double[Math.toIntExact(tensor.size())];
        Arrays.fill(nothing, Double.NaN);
        tensor.write(nothing);
        return tensor;
    }

    /** A vector of −1 for a result. */
    public IntTensor emptyIntegers(int size) {
        int[] nothing = new int[size];
        Arrays.fill(nothing, -1);
        return integers(nothing);
    }

    public void put(String name, Tensor tensor, Tolerance tolerance) {
        put(name, tensor.toDoubles(), tolerance);
    }

    public void put(String name, IntTensor tensor) {
        put(name, Arrays.stream(tensor.toInts()).asDoubleStream().toArray(), Tolerance.EXACT);
    }

    public void put(String name, double[] values, Tolerance tolerance) {
        results.put(name, new Result(values, tolerance));
    }

    @Override
    public void close() {
        owned.close();
    }
}
