(module (func (param i32) (result i32) (local i32 i32)
  (local.set 1 (i32.lt_u (local.get 0) (i32.const 5536)))
  (local.set 2 (i32.add (local.get 0) (i32.const 16)))
  (if (local.get 1) (then (return (i32.const 7))))
  (i32.mul (local.get 2) (i32.mul (local.get 0) (local.get 1)))))
;; becomes
;; func 0 @0x18
;;   locals 2 i32
;;   pick 0
;;   i32.const 5536
;;   u32.lt
;;   put 1
;;        0  xor esi, esi
;;        2  cmp edi, 15A0h
;;        8  setb sil
;;   pick 0
;;   i32.const 16
;;   i32.add
;;   put 2
;;        c  lea r8d, [rdi+10h]
;;   pick 1
;;   def .L0 keep=3 params=[] callers=many
;;   def .L1 keep=3 params=[] callers=1
;;   def .L2 keep=3 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;       10  jae short 19h
;;   i32.const 7
;;   br .return
;;       12  mov eax, 7
;;   .L1:
;;   br .L0
;;   .L0:
;;       17  jmp short 27h
;;   pick 2
;;   pick 0
;;   pick 1
;;   i32.mul
;;   i32.mul
;;       19  mov r9, rdi
;;       1c  imul r9d, esi
;;   br .return
;;       20  imul r9d, r8d
;;       24  mov rax, r9
;;       27  ret
