package org.centerloss.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.devices.Devices;
import org.centerloss.verify.op.OpCase;

/** The reference device with a fault planted into one kind of operation, posing as float32. */
final class FaultyDevice {
    /**
     * Stands in for a call: {@code call} makes the real one with the arguments as they are then.
     */
    interface Fault {
        Object invoke(String method, Object[] arguments, Call call) throws Throwable;
    }

    interface Call {
        Object make() throws Throwable;
    }

    static final Fault NONE = (method, arguments, call) -> call.make();

    private FaultyDevice() {}

    /**
     * A device whose operations made by {@code factory} run through {@code fault}.
     *
     * @param doublePrecision what the device says of itself: false to be compared with the
     *     reference, true to be checked by finite differences
     */
    static Device of(Device real, String factory, boolean doublePrecision, Fault fault) {
        return proxy(
                Device.class,
                real,
                (method, arguments, call) -> {
                    if (method.equals("doublePrecision")) {
                        return doublePrecision;
                    }
                    Object made = call.make();
                    return method.equals(factory) ? faulty(made, fault) : made;
                });
    }

    /** A device some of whose own calls run through {@code fault}, compared with the reference. */
    static Device ofCalls(Device real, Fault fault) {
        return proxy(
                Device.class,
                real,
                (method, arguments, call) ->
                        method.equals("doublePrecision")
                                ? Boolean.FALSE
                                : fault.invoke(method, arguments, call));
    }

    private static Object faulty(Object operation, Fault fault) {
        return proxy(operation.getClass().getInterfaces()[0], operation, fault);
    }

    private static <T> T proxy(Class<T> type, Object target, Fault fault) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) ->
                                fault.invoke(
                                        method.getName(),
                                        arguments,
                                        () -> call(target, method, arguments))));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Replay a failure with {@code -Dcenterloss.seed=N}. */
    private static final long SEED = Long.getLong("centerloss.seed", 0);

    /** The quantities that fail on a device; the operations are those that were given. */
    static Set<String> failing(List<OpCase> cases, boolean doubles, Device device) {
        Set<String> failing = new TreeSet<>();
        List<ResultRow> rows = new ArrayList<>();
        Verification.run(device, cases, SEED, rows::add);
        assertTrue(rows.size() > cases.size(), "rows: " + rows.size());
        assertEquals(doubles, device.doublePrecision());
        rows.stream().filter(row -> !row.pass()).forEach(row -> failing.add(row.quantity()));
        return failing;
    }

    static Set<String> failing(List<OpCase> cases, String factory, Fault fault) {
        try (Device real = Devices.open("reference", 0)) {
            return failing(cases, false, of(real, factory, false, fault));
        }
    }

    static Set<String> failingDifferences(List<OpCase> cases, String factory, Fault fault) {
        try (Device real = Devices.open("reference", 0)) {
            return failing(cases, true, of(real, factory, true, fault));
        }
    }

    static Set<String> failingCalls(List<OpCase> cases, Fault fault) {
        try (Device real = Devices.open("reference", 0)) {
            return failing(cases, false, ofCalls(real, fault));
        }
    }

    /** Makes the call, then spoils one of its arguments. */
    static Fault after(String name, int argument, Consumer<Tensor> spoil) {
        return (method, arguments, call) -> {
            Object result = call.make();
            if (method.equals(name) && arguments[argument] != null) {
                spoil.accept((Tensor) arguments[argument]);
            }
            return result;
        };
    }

    /** Makes the call with another argument. */
    static Fault with(String name, int argument, UnaryOperator<Object> change) {
        return (method, arguments, call) -> {
            if (method.equals(name)) {
                arguments[argument] = change.apply(arguments[argument]);
            }
            return call.make();
        };
    }

    static void change(Tensor tensor, Consumer<double[]> change) {
        double[] values = tensor.toDoubles();
        change.accept(values);
        tensor.write(values);
    }
}
