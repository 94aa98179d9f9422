(module
  (memory 1)
  (func (param $a i32) (param $b i32) (result i32)
    (i32.load (i32.add (local.get $a) (local.get $b))))
  (func (param $a i32) (param $b i32) (result i32)
    (i32.load (i32.add (local.get $a) (i32.shl (local.get $b) (i32.const 2)))))
  (func (param $a i32) (result i32)
    (i32.load16_u (i32.add (local.get $a) (i32.const -2))))
  (func (param $a i32) (param $b i32) (param $c i32)
    (i32.store (i32.add (local.get $a) (local.get $b)) (local.get $c)))
  (func (param $a i32) (param $b i32) (param $c i32) (result i32)
    (i32.sub (local.get $c) (i32.load (i32.add (local.get $a) (local.get $b)))))
  (func (param $a i32) (param $b i32) (result i32)
    (i32.load offset=4 (i32.add (local.get $a) (local.get $b))))
  (func (param $a i32) (param $b i32) (result i32) (local $at i32)
    (i32.load (local.tee $at (i32.add (local.get $a) (local.get $b)))) (i32.add (local.get $at))))
;; becomes
;; func 0 @0x36
;;   pick 0
;;   pick 1
;;   i32.add
;;   i32.load offset=0
;;        0  mov r9d, [gs:edi+esi]
;;   br .return
;;        6  mov rax, r9
;;        9  ret
;; func 1 @0x41
;;   pick 0
;;   pick 1
;;   i32.const 2
;;   i32.shl
;;   i32.add
;;   i32.load offset=0
;;        0  mov r9d, [gs:edi+esi*4]
;;   br .return
;;        6  mov rax, r9
;;        9  ret
;; func 2 @0x4f
;;   pick 0
;;   i32.const -2
;;   i32.add
;;   u32.load16 offset=0
;;        0  movzx r8d, word [gs:edi-2]
;;   br .return
;;        7  mov rax, r8
;;        a  ret
;; func 3 @0x5a
;;   pick 0
;;   pick 1
;;   i32.add
;;   pick 2
;;   i32.store offset=0
;;        0  mov [gs:edi+esi], edx
;;   br .return
;;        5  ret
;; func 4 @0x67
;;   pick 2
;;   pick 0
;;   pick 1
;;   i32.add
;;   i32.load offset=0
;;        0  mov r9d, [gs:edi+esi]
;;   i32.sub
;;   br .return
;;        6  mov r8, rdx
;;        9  sub r8d, r9d
;;        c  mov rax, r8
;;        f  ret
;; func 5 @0x75
;;   pick 0
;;   pick 1
;;   i32.add
;;   i32.load offset=4
;;        0  lea r8d, [rdi+rsi]
;;        4  mov r8d, [gs:r8+4]
;;   br .return
;;        9  mov rax, r8
;;        c  ret
;; func 6 @0x80
;;   locals 1 i32
;;   pick 0
;;   pick 1
;;   i32.add
;;   tee 2
;;        0  lea r8d, [rdi+rsi]
;;   i32.load offset=0
;;        4  mov r9d, [gs:r8]
;;   pick 2
;;   i32.add
;;   br .return
;;        8  add r9d, r8d
;;        b  mov rax, r9
;;        e  ret
