// Decoding of operands: registers and immediates, and what the modifiers say.
#include <algorithm>
#include <cstring>

#include "execute/decode/decoder.h"
#include "execute/lanes.h"

namespace vgpu {
namespace {

struct Convert {
    template <class T>
    static T apply(T value) {
        return value;
    }
};

const std::map<std::string, Special> kSpecials = {
    {"%tid.x", Special::ThreadX},        {"%tid.y", Special::ThreadY},
    {"%tid.z", Special::ThreadZ},        {"%ntid.x", Special::BlockSizeX},
    {"%ntid.y", Special::BlockSizeY},    {"%ntid.z", Special::BlockSizeZ},
    {"%ctaid.x", Special::BlockX},       {"%ctaid.y", Special::BlockY},
    {"%ctaid.z", Special::BlockZ},       {"%nctaid.x", Special::GridX},
    {"%nctaid.y", Special::GridY},       {"%nctaid.z", Special::GridZ},
    {"%laneid", Special::Lane},          {"%warpid", Special::Warp},
    {"%nwarpid", Special::WarpCount},    {"%lanemask_eq", Special::LaneMaskEq},
    {"%lanemask_le", Special::LaneMaskLe}, {"%lanemask_lt", Special::LaneMaskLt},
    {"%lanemask_ge", Special::LaneMaskGe}, {"%lanemask_gt", Special::LaneMaskGt},
    {"WARP_SZ", Special::WarpSize},      {"%dynamic_smem_size", Special::DynamicSharedBytes}};

}  // namespace

void Decoder::fail(const std::string& what) const {
    invalid(statement_->line,
            statement_->opcode.empty() ? what : statement_->opcode + ": " + what);
}

void Decoder::unknown() const {
    invalid(statement_->line, "unknown instruction '" + statement_->opcode + "'");
}

bool Decoder::has(const std::string& modifier) const {
    return std::find(modifiers_.begin(), modifiers_.end(), modifier) != modifiers_.end();
}

bool Decoder::take(const std::string& modifier) {
    auto at = std::find(modifiers_.begin(), modifiers_.end(), modifier);
    if (at == modifiers_.end()) {
        return false;
    }
    modifiers_.erase(at);
    return true;
}

std::string Decoder::takeOneOf(std::initializer_list<const char*> words) {
    for (const char* word : words) {
        if (take(word)) {
            return word;
        }
    }
    return "";
}

Type Decoder::takeType() {
    for (auto at = modifiers_.begin(); at != modifiers_.end(); ++at) {
        Type type = parseType(*at);
        if (type.bits != 0) {
            modifiers_.erase(at);
            return type;
        }
    }
    fail("no known type");
}

const PtxOperand& Decoder::operand(std::size_t index) const {
    if (index >= operandCount()) {
        fail("too few operands");
    }
    return statement_->operands[index];
}

void Decoder::expectOperands(std::size_t least, std::size_t most) const {
    if (operandCount() < least || operandCount() > most) {
        fail("has " + std::to_string(operandCount()) + " operands");
    }
}

Instruction& Decoder::emit(Handler handler, InstructionClass kind, unsigned floatOperations) {
    if (handler == nullptr) {
        unknown();
    }
    Instruction i;
    i.handler = handler;
    i.guard = guard_;
    i.guardFlip = statement_->guardNegated ? kFullMask : 0;
    i.line = statement_->line;
    i.source = statement_->source;
    i.kind = kind;
    i.floatOperations = static_cast<std::uint8_t>(floatOperations);
    code_->instructions.push_back(i);
    code_->mnemonics.push_back(statement_->opcode);
    return code_->instructions.back();
}

Instruction& Decoder::emitUncounted(Handler handler) {
    Instruction& i = emit(handler, InstructionClass::Other);
    i.counted = false;
    return i;
}

const Decoder::Symbol* Decoder::find(const std::string& name) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        auto found = scope->find(name);
        if (found != scope->end()) {
            return &found->second;
        }
    }
    return nullptr;
}

const Decoder::Symbol& Decoder::require(const std::string& name) const {
    const Symbol* symbol = find(name);
    if (symbol == nullptr) {
        fail("'" + name + "' is not declared");
    }
    return *symbol;
}

void Decoder::touch(const Symbol& symbol) {
    Interval& interval = intervals_[symbol.interval];
    std::size_t now = code_->instructions.size();
    interval.first = interval.used ? interval.first : now;
    interval.last = now;
    interval.used = true;
}

const Decoder::Symbol& Decoder::registerNamed(const std::string& name, unsigned leastBits,
                                              unsigned mostBits) {
    if (name.empty()) {
        fail("expected a register");
    }
    const Symbol& symbol = require(name);
    if (symbol.kind != Symbol::Kind::Register || symbol.bits < leastBits ||
        symbol.bits > mostBits) {
        fail("'" + name + "' is not a register of " + std::to_string(leastBits) + " bits");
    }
    touch(symbol);
    return symbol;
}

Operand Decoder::scratch(unsigned width) {
    auto operand = static_cast<Operand>(code_->registerWords);
    code_->registerWords += kLanes * (width == 64 ? 2 : 1);
    return operand;
}

Operand Decoder::scratchPredicate() { return static_cast<Operand>(code_->predicates++); }

Operand Decoder::constant(std::uint64_t bits, unsigned width) {
    width = width == 64 ? 64 : 32;
    auto [entry, fresh] = constants_.try_emplace({bits, width}, 0);
    if (fresh) {
        entry->second = static_cast<Operand>(code_->constants.size()) | kConstantBit;
        for (int lane = 0; lane < kLanes; ++lane) {
            code_->constants.push_back(static_cast<std::uint32_t>(bits));
            if (width == 64) {
                code_->constants.push_back(static_cast<std::uint32_t>(bits >> 32));
            }
        }
    }
    return entry->second;
}

Operand Decoder::special(const std::string& name) {
    auto found = specials_.find(name);
    if (found != specials_.end()) {
        return found->second;
    }
    Operand operand = scratch(32);
    code_->specials.emplace_back(kSpecials.at(name), operand);
    specials_[name] = operand;
    return operand;
}

bool Decoder::symbolAddress(const PtxOperand& operand, std::uint64_t& address) const {
    if (const Symbol* symbol = find(operand.name)) {
        if (symbol->kind != Symbol::Kind::Address && symbol->kind != Symbol::Kind::Parameter) {
            return false;
        }
        address = symbol->address;
    } else if (auto shared = sharedAddresses_.find(operand.name);
               shared != sharedAddresses_.end()) {
        address = shared->second;
    } else if (auto global = variables_.find(operand.name); global != variables_.end()) {
        address = global->second.first;
    } else {
        return false;
    }
    address += operand.number.bits;
    return true;
}

Operand Decoder::in(const PtxOperand& operand, Type type) {
    if (operand.kind == PtxOperand::Kind::Number) {
        std::uint64_t bits = operand.number.bits;
        if (type.kind == 'f' && operand.number.floatBits == 64 && type.bits == 32) {
            double wide;
            std::memcpy(&wide, &bits, sizeof wide);
            auto value = static_cast<float>(wide);
            std::uint32_t narrowBits;
            std::memcpy(&narrowBits, &value, sizeof narrowBits);
            bits = narrowBits;
        } else if (type.kind == 'f' && operand.number.floatBits != type.bits) {
            fail("an immediate that is no ." + std::string("f") + std::to_string(type.bits));
        }
        return constant(type.bits == 64 ? bits : static_cast<std::uint32_t>(bits), type.bits);
    }
    if (operand.kind != PtxOperand::Kind::Name || operand.negated || !operand.second.empty()) {
        fail("an operand of the wrong kind");
    }
    if (kSpecials.count(operand.name) != 0) {
        if (type.bits != 32) {
            fail("'" + operand.name + "' has 32 bits");
        }
        return special(operand.name);
    }
    std::uint64_t address = 0;
    if (symbolAddress(operand, address)) {
        return constant(type.bits == 64 ? address : static_cast<std::uint32_t>(address),
                        type.bits);
    }
    return registerNamed(operand.name, type.bits, type.bits).operand;
}

Operand Decoder::out(const std::string& name, Type type) {
    return name == "_" ? scratch(type.bits) : registerNamed(name, type.bits, type.bits).operand;
}

Operand Decoder::narrow(const PtxOperand& operand, Type type) {
    if (operand.kind != PtxOperand::Kind::Name || find(operand.name) == nullptr ||
        find(operand.name)->kind != Symbol::Kind::Register) {
        return in(operand, type);
    }
    const Symbol& symbol = registerNamed(operand.name, type.bits, 64);
    if (symbol.bits < 64 || type.bits == 64) {
        return symbol.operand;
    }
    Operand wide = symbol.operand, low = scratch(32);
    Instruction& i = emitUncounted(unary<Convert, std::uint64_t, std::uint32_t>);
    i.in[0] = wide;
    i.out[0] = low;
    return low;
}

Decoder::Widening Decoder::widening(const std::string& name, Type type) {
    if (name == "_") {
        return {scratch(type.bits), 0, false};
    }
    const Symbol& symbol = registerNamed(name, type.bits, 64);
    if (symbol.bits < 64 || type.bits == 64) {
        return {symbol.operand, symbol.operand, false};
    }
    return {scratch(32), symbol.operand, true};
}

void Decoder::widen(const Widening& widening, Type type) {
    if (widening.needed) {
        Instruction& i = emitUncounted(type.kind == 's'
                                           ? unary<Convert, std::int32_t, std::int64_t>
                                           : unary<Convert, std::uint32_t, std::uint64_t>);
        i.in[0] = widening.target;
        i.out[0] = widening.final;
    }
}

}  // namespace vgpu
